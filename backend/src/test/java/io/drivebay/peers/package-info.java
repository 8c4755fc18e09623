/** Other people's programs, for the tests of all modules. */
@NullMarked
package io.drivebay.peers;

import org.jspecify.annotations.NullMarked;
