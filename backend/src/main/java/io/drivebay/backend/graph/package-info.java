/** The graph of block nodes: drivers, links, permissions, drain, and what every node does around its driver's I/O. */
@NullMarked
package io.drivebay.backend.graph;

import org.jspecify.annotations.NullMarked;
