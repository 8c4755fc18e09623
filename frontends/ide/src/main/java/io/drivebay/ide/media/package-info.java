/** Tray, lock and medium of a removable drive: one table of states, inputs and effects, and a trace of every transition. */
@NullMarked
package io.drivebay.ide.media;

import org.jspecify.annotations.NullMarked;
