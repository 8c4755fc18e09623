/** What every virtio device and every transport share: the seam between the two, feature bits and the status field. */
@NullMarked
package io.drivebay.virtio;

import org.jspecify.annotations.NullMarked;
