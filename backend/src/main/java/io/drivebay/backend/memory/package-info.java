/** Off-heap memory that requests read and write: regions, scatter/gather lists and a guest's physical memory. */
@NullMarked
package io.drivebay.backend.memory;

import org.jspecify.annotations.NullMarked;
