/** What a device model is given of the machine around it: the guest's memory, an interrupt line, a place on a bus. */
@NullMarked
package io.drivebay.backend.guest;

import org.jspecify.annotations.NullMarked;
