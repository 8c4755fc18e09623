/** The HTML page of one or more results: tables, and charts as inline SVG. */
@NullMarked
package io.drivebay.perf.report.html;

import org.jspecify.annotations.NullMarked;
