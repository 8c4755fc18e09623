package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drivebay.backend.graph.BlockException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The commands that there are, by name. */
public final class CommandTable {
    private record Command(Parameters parameters, Handler handler) {}

    private final Map<String, Command> commands = new ConcurrentSkipListMap<>();

    /**
     * Adds a command.
     *
     * @param parameters such as {@code node-name:str size:int force:bool? ...}: str, int, bool, list and object; a question
     *     mark behind what may be left out; dots where the handler itself checks further members
     */
    public void add(final String name, final String parameters, final Handler handler) {
        if (commands.put(name, new Command(new Parameters(parameters), handler)) != null) {
            throw new IllegalArgumentException("there are two commands '" + name + "'");
        }
    }

    /** The names of all commands, sorted. */
    public List<String> names() {
        return List.copyOf(commands.keySet());
    }

    /**
     * What commands take and what events have: {@code query-qmp-schema}.
     *
     * @param events each with its members, written as a command's parameters
     */
    public List<Map<String, Object>> schema(final Map<String, String> events) {
        final Map<String, Parameters> taken = new LinkedHashMap<>();
        commands.forEach((name, command) -> taken.put(name, command.parameters()));
        final Map<String, Parameters> told = new LinkedHashMap<>();
        events.forEach((name, members) -> told.put(name, new Parameters(members)));
        return Schema.of(taken, told);
    }

    Object run(final String name, final ObjectNode arguments) throws QmpException {
        final Command command = commands.get(name);
        if (command == null) {
            throw new QmpException(ErrorClass.COMMAND_NOT_FOUND, "The command " + name + " has not been found");
        }
        try {
            return command.handler().run(command.parameters().check(arguments));
        } catch (final BlockException e) {
            throw new QmpException(sentence(e.getMessage()));
        }
    }

    private static String sentence(final @Nullable String message) {
        return message == null || message.isEmpty()
                ? "Failed"
                : message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }
}
