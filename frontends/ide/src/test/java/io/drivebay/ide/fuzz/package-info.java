/** Fuzz targets, and the inputs that fuzzing has found worth keeping. */
@NullMarked
package io.drivebay.ide.fuzz;

import org.jspecify.annotations.NullMarked;
