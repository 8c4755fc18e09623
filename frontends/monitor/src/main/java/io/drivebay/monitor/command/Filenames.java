package io.drivebay.monitor.command;

import io.drivebay.monitor.protocol.Json;
import io.drivebay.monitor.protocol.QmpException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images as people name them: a path, or {@code json:} and options. */
final class Filenames {
    private static final String JSON = "json:";
    private static final String DRIVER = "driver";

    private Filenames() {}

    /** Options of the tree for an image. A format is never guessed from the image's content: it is raw unless given. */
    static Map<String, Object> options(final String filename, final @Nullable String format) throws QmpException {
        final Map<String, Object> file = file(filename);
        final Map<String, Object> options = new LinkedHashMap<>();
        if (filename.startsWith(JSON) && format == null) {
            return file;
        }
        options.put(DRIVER, format == null ? "raw" : format);
        options.put("file", file);
        return options;
    }

    private static Map<String, Object> file(final String filename) throws QmpException {
        if (filename.startsWith(JSON)) {
            final var options = Json.parse(filename.substring(JSON.length()));
            if (!options.isObject()) {
                throw new QmpException("Could not parse the JSON options of '" + filename + "'");
            }
            return Json.members(options);
        }
        final Map<String, Object> file = new LinkedHashMap<>();
        file.put(DRIVER, "file");
        file.put("filename", filename);
        return file;
    }
}
