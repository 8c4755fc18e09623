/** PCI, as a function's model and a host bridge share it: configuration space, base addresses, interrupts. */
@NullMarked
package io.drivebay.backend.guest.pci;

import org.jspecify.annotations.NullMarked;
