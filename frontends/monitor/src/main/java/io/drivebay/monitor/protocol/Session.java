package io.drivebay.monitor.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: bytes in, lines out. Greets, negotiates, then carries out one command after the other in the thread that
 * brings the bytes, and passes events on. Out-of-band commands are not offered.
 */
public final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final String NEGOTIATE = "qmp_capabilities";
    private static final Set<String> MEMBERS = Set.of("execute", "arguments", "id");

    private final CommandTable commands;
    private final Map<String, Object> version;
    private final Lock turn;
    private final Output output;
    private final MessageSplitter splitter = new MessageSplitter();
    private final MessageSplitter.Receiver receiver = new MessageSplitter.Receiver() {
        @Override
        public void message(final byte[] bytes, final int length) {
            answer(bytes, length);
        }

        @Override
        public void broken(final String why) {
            output.reply(Json.line(error(new QmpException(why), null)));
        }
    };
    private volatile boolean negotiated;

    /**
     * A session that has not begun.
     *
     * @param commands what the client may ask for once it has negotiated
     * @param version what query-version answers too
     * @param turn held while a command is carried out
     */
    public Session(
            final CommandTable commands, final Map<String, Object> version, final Lock turn, final Output output) {
        this.commands = commands;
        this.version = version;
        this.turn = turn;
        this.output = output;
    }

    /** Greets the client. */
    public void begin() {
        output.reply(Json.line(Map.of("QMP", Map.of("version", version, "capabilities", List.of()))));
    }

    /** Takes bytes of the client's: any piece of any number of messages. One thread at a time; a control thread. */
    public void receive(final byte[] bytes, final int from, final int to) {
        splitter.accept(bytes, from, to, receiver);
    }

    /** Passes an event on, if the client has negotiated. Any thread. */
    public void event(final byte[] line, final boolean expendable) {
        if (negotiated) {
            output.event(line, expendable);
        }
    }

    private void answer(final byte[] bytes, final int length) {
        JsonNode id = null;
        Map<String, Object> reply;
        Runnable after = null;
        try {
            final JsonNode request = Json.parse(bytes, length);
            id = request.get("id");
            final Object result = run(request);
            if (result instanceof Handler.Last last) {
                after = last.after();
                reply = reply("return", last.value(), id);
            } else {
                reply = reply("return", result, id);
            }
        } catch (final QmpException e) {
            reply = error(e, id);
        }
        output.reply(Json.line(reply));
        if (after != null) {
            output.flush();
            after.run();
        }
    }

    private Object run(final JsonNode request) throws QmpException {
        if (!(request instanceof ObjectNode object)) {
            throw new QmpException("QMP input must be a JSON object");
        }
        for (final String name : (Iterable<String>) object::fieldNames) {
            if (!MEMBERS.contains(name)) {
                throw new QmpException("QMP input member '" + name + "' is unexpected");
            }
        }
        final JsonNode execute = object.get("execute");
        if (execute == null) {
            throw new QmpException("QMP input lacks member 'execute'");
        }
        if (!execute.isTextual()) {
            throw new QmpException("QMP input member 'execute' must be a string");
        }
        final JsonNode arguments = object.get("arguments");
        if (arguments != null && !arguments.isObject()) {
            throw new QmpException("QMP input member 'arguments' must be an object");
        }
        final ObjectNode given = arguments instanceof ObjectNode some ? some : JsonNodeFactory.instance.objectNode();
        final String name = execute.textValue();
        return name.equals(NEGOTIATE) ? negotiate(given) : carryOut(name, given);
    }

    private Object negotiate(final ObjectNode arguments) throws QmpException {
        if (negotiated) {
            throw new QmpException(
                    ErrorClass.COMMAND_NOT_FOUND,
                    "Capabilities negotiation is already complete, command '" + NEGOTIATE + "' ignored");
        }
        for (final JsonNode capability :
                new Parameters("enable:list?").check(arguments).values("enable")) {
            throw new QmpException(
                    capability.isTextual()
                            ? "Capability '" + capability.textValue() + "' is not available"
                            : "Invalid parameter type for 'enable', expected: string");
        }
        negotiated = true;
        return Handler.NOTHING;
    }

    private Object carryOut(final String name, final ObjectNode arguments) throws QmpException {
        if (!negotiated) {
            throw new QmpException(
                    ErrorClass.COMMAND_NOT_FOUND, "Expecting capabilities negotiation with '" + NEGOTIATE + "'");
        }
        turn.lock();
        try {
            return commands.run(name, arguments);
        } catch (final RuntimeException e) {
            LOG.error("the command {} failed", name, e);
            throw new QmpException("The command " + name + " failed: " + e);
        } finally {
            turn.unlock();
        }
    }

    private static Map<String, Object> error(final QmpException e, final @Nullable JsonNode id) {
        final String message = e.getMessage();
        return reply("error", Map.of("class", e.errorClass().spelling(), "desc", message == null ? "" : message), id);
    }

    private static Map<String, Object> reply(final String kind, final Object value, final @Nullable JsonNode id) {
        final Map<String, Object> reply = new LinkedHashMap<>();
        reply.put(kind, value);
        if (id != null) {
            reply.put("id", id);
        }
        return reply;
    }
}
