/** The PCI side of an IDE controller: configuration space and the ports it decodes. */
@NullMarked
package io.drivebay.ide.pci;

import org.jspecify.annotations.NullMarked;
