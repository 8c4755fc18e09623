/** What commands share: a block layer on its feet, the terminal, the build. */
@NullMarked
package io.drivebay.cli.host;

import org.jspecify.annotations.NullMarked;
