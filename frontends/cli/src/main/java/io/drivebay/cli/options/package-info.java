/** Options as people write them: sizes, times, rates, block devices. */
@NullMarked
package io.drivebay.cli.options;

import org.jspecify.annotations.NullMarked;
