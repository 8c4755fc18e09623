/** The drivers that find a disk's blocks within a file. */
@NullMarked
package io.drivebay.driver.format;

import org.jspecify.annotations.NullMarked;
