/** What drivers of all kinds share: requests that wait, and the forwarding of one to a child. */
@NullMarked
package io.drivebay.driver;

import org.jspecify.annotations.NullMarked;
