/** Results for people and programs: text tables, JSON, HdrHistogram logs, and HTML pages that need nothing else. */
@NullMarked
package io.drivebay.perf.report;

import org.jspecify.annotations.NullMarked;
