/** What a run has measured, and its JSON form. */
@NullMarked
package io.drivebay.perf.result;

import org.jspecify.annotations.NullMarked;
