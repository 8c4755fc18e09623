/** The wiring of a channel: two drives, their ports, the interrupt line, and the one lock under which all of it runs. */
@NullMarked
package io.drivebay.ide.channel;

import org.jspecify.annotations.NullMarked;
