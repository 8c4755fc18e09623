/** Fuzz targets, and the test that runs them on their corpora. */
@NullMarked
package io.drivebay.virtio.fuzz;

import org.jspecify.annotations.NullMarked;
