/** PCI as a guest's firmware and drivers see it, written from the PCI 3.0 specification alone. */
@NullMarked
package io.drivebay.sim.pci;

import org.jspecify.annotations.NullMarked;
