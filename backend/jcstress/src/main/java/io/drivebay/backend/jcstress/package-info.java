/** Stress tests of the lock-free protocols: each legal outcome is listed with the reason why it is legal. */
@NullMarked
package io.drivebay.backend.jcstress;

import org.jspecify.annotations.NullMarked;
