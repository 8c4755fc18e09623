/** What the tests stand on: a disk with faults, a socket, and a guest that knows registers by number. */
@NullMarked
package io.drivebay.ide.kit;

import org.jspecify.annotations.NullMarked;
