/** The bus master of an IDE channel, and the tables by which a guest tells it where memory is. */
@NullMarked
package io.drivebay.ide.dma;

import org.jspecify.annotations.NullMarked;
