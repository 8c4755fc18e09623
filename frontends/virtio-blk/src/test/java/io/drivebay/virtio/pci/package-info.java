@NullMarked
package io.drivebay.virtio.pci;

import org.jspecify.annotations.NullMarked;
