/** What tests of all exports share. */
@NullMarked
package io.drivebay.exports;

import org.jspecify.annotations.NullMarked;
