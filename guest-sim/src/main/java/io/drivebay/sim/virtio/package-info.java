/**
 * Guest drivers for virtio devices, written from the virtio 1.2 specification alone: whoever finds the same constant in
 * a device model has found two readings of the specification, and that is the point.
 */
@NullMarked
package io.drivebay.sim.virtio;

import org.jspecify.annotations.NullMarked;
