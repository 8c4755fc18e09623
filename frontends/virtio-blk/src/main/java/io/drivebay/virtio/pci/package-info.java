/** The virtio-pci transport: a device as a PCI function, by the modern interface, the legacy one, or both. */
@NullMarked
package io.drivebay.virtio.pci;

import org.jspecify.annotations.NullMarked;
