package io.drivebay.exports.control;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;

/** Makes exports of one type. */
interface ExportFactory {
    /**
     * What all exports have: QAPI's BlockExportOptions.
     *
     * @param id what it is known by
     * @param node what is served
     * @param writable whether clients may write
     * @param writeThrough whether everything that is written is flushed before it is answered
     */
    record Common(String id, BlockNode node, boolean writable, boolean writeThrough) {}

    /**
     * Serves a node.
     *
     * @param options the type's own; anything else among them is refused
     * @throws BlockException when that is not possible; then nothing is left behind, nor was seen by anybody
     */
    BlockExport open(Common common, BlockdevOptions options) throws BlockException;
}
