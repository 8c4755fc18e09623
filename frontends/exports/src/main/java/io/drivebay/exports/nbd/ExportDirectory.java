package io.drivebay.exports.nbd;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What exports there are. Any thread. */
interface ExportDirectory {
    /** The export with a name; null when there is none. */
    @Nullable
    NbdExport export(String name);

    /** All exports, in the order of their names. */
    Collection<NbdExport> exports();
}
