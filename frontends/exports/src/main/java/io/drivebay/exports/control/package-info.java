/** Exports by their ids, whatever protocol they speak. */
@NullMarked
package io.drivebay.exports.control;

import org.jspecify.annotations.NullMarked;
