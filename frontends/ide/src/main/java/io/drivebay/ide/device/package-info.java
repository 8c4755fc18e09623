/**
 * What ATA disks and ATAPI drives have in common: the task file, programmed I/O, the way to the backend, and the two
 * sides of the plug between a drive and its channel.
 */
@NullMarked
package io.drivebay.ide.device;

import org.jspecify.annotations.NullMarked;
