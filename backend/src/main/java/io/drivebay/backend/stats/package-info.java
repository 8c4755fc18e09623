/** What a backend did: counts, bytes and latency histograms per operation and outcome. */
@NullMarked
package io.drivebay.backend.stats;

import org.jspecify.annotations.NullMarked;
