/** The ATAPI drive: packets, MMC commands, sense data, and a medium that comes and goes. */
@NullMarked
package io.drivebay.ide.atapi;

import org.jspecify.annotations.NullMarked;
