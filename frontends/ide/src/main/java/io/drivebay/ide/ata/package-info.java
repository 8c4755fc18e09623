/** The ATA disk: a pure model of its command set, without bus, lock or thread. */
@NullMarked
package io.drivebay.ide.ata;

import org.jspecify.annotations.NullMarked;
