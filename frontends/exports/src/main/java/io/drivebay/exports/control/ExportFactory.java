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
     */
    record Common(String id, BlockNode node, boolean writable) {}

    /**
     * Serves a node.
     *
     * @param options the type's own; what is not read is refused by the caller
     * @throws BlockException when that is not possible; then nothing is left behind
     */
    BlockExport open(Common common, BlockdevOptions options) throws BlockException;
}
