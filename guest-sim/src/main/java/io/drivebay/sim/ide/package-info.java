/** A guest's drivers for ATA disks and ATAPI drives, written from the standards, over nothing but ports and memory. */
@NullMarked
package io.drivebay.sim.ide;

import org.jspecify.annotations.NullMarked;
