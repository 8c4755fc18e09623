package io.drivebay.exports.nbd;

import static io.drivebay.nbd.Handshake.ERR_EXT_HEADER_REQD;
import static io.drivebay.nbd.Handshake.ERR_INVALID;
import static io.drivebay.nbd.Handshake.ERR_POLICY;
import static io.drivebay.nbd.Handshake.ERR_TLS_REQD;
import static io.drivebay.nbd.Handshake.ERR_UNKNOWN;
import static io.drivebay.nbd.Handshake.ERR_UNSUP;
import static io.drivebay.nbd.Handshake.INFO_BLOCK_SIZE;
import static io.drivebay.nbd.Handshake.INFO_DESCRIPTION;
import static io.drivebay.nbd.Handshake.INFO_EXPORT;
import static io.drivebay.nbd.Handshake.INFO_NAME;
import static io.drivebay.nbd.Handshake.OPT_ABORT;
import static io.drivebay.nbd.Handshake.OPT_EXPORT_NAME;
import static io.drivebay.nbd.Handshake.OPT_EXTENDED_HEADERS;
import static io.drivebay.nbd.Handshake.OPT_GO;
import static io.drivebay.nbd.Handshake.OPT_INFO;
import static io.drivebay.nbd.Handshake.OPT_LIST;
import static io.drivebay.nbd.Handshake.OPT_LIST_META_CONTEXT;
import static io.drivebay.nbd.Handshake.OPT_SET_META_CONTEXT;
import static io.drivebay.nbd.Handshake.OPT_STARTTLS;
import static io.drivebay.nbd.Handshake.OPT_STRUCTURED_REPLY;
import static io.drivebay.nbd.Handshake.REP_ACK;
import static io.drivebay.nbd.Handshake.REP_INFO;
import static io.drivebay.nbd.Handshake.REP_META_CONTEXT;
import static io.drivebay.nbd.Handshake.REP_SERVER;

import io.drivebay.nbd.Handshake;
import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Answers the options of one client, one at a time. */
final class OptionHandler {
    /** What comes after an option. */
    enum Next {
        /** Another option. */
        OPTION,
        /** The TLS handshake. */
        TLS,
        /** Transmission with {@link #entered()}. */
        TRANSMISSION,
        /** The end: the client said so. */
        END
    }

    private static final int PREFERRED_BLOCK = 4096;

    private final ExportDirectory directory;
    private final Session session;
    private final OptionReplies replies;
    private final boolean tlsOffered;
    private boolean tlsActive;
    private boolean padding = true;
    private @Nullable NbdExport entered;

    OptionHandler(
            final ExportDirectory directory,
            final Session session,
            final OptionReplies replies,
            final boolean tlsOffered) {
        this.directory = directory;
        this.session = session;
        this.replies = replies;
        this.tlsOffered = tlsOffered;
    }

    /** The client wants no zeros after the answer to EXPORT_NAME. */
    void noPadding() {
        padding = false;
    }

    /** TLS protects what comes from now on. */
    void tlsActive() {
        tlsActive = true;
    }

    /** The export that the client has entered. */
    @Nullable
    NbdExport entered() {
        return entered;
    }

    /**
     * Answers an option.
     *
     * @throws ProtocolException when there is no way to answer but to hang up
     */
    Next handle(final int option, final ByteBuffer data) throws ProtocolException {
        if (tlsOffered && !tlsActive && option != OPT_STARTTLS && option != OPT_ABORT) {
            if (option == OPT_EXPORT_NAME) {
                throw new ProtocolException("asked for an export without TLS, which is required");
            }
            replies.refuse(option, ERR_TLS_REQD, "use STARTTLS first");
            return Next.OPTION;
        }
        final OptionData reader = new OptionData(data);
        try {
            return answer(option, reader);
        } catch (final OptionData.Malformed e) {
            if (option == OPT_EXPORT_NAME) {
                throw new ProtocolException("sent a malformed EXPORT_NAME: " + e.reason());
            }
            replies.refuse(option, ERR_INVALID, e.reason());
            return Next.OPTION;
        }
    }

    private Next answer(final int option, final OptionData data) throws OptionData.Malformed, ProtocolException {
        switch (option) {
            case OPT_EXPORT_NAME -> {
                return exportName(data);
            }
            case OPT_ABORT -> {
                replies.reply(option, REP_ACK);
                return Next.END;
            }
            case OPT_STARTTLS -> {
                return startTls(data);
            }
            case OPT_INFO, OPT_GO -> {
                return infoOrGo(option, data);
            }
            case OPT_LIST -> list(data);
            case OPT_STRUCTURED_REPLY -> raise(option, data, Session.Mode.STRUCTURED);
            case OPT_EXTENDED_HEADERS -> raise(option, data, Session.Mode.EXTENDED);
            case OPT_LIST_META_CONTEXT, OPT_SET_META_CONTEXT -> metaContexts(option, data);
            default -> replies.refuse(option, ERR_UNSUP, "option " + Integer.toUnsignedString(option) + " is unknown");
        }
        return Next.OPTION;
    }

    private Next exportName(final OptionData data) throws OptionData.Malformed, ProtocolException {
        final String name = data.string(data.remaining());
        final NbdExport export = directory.export(name);
        if (export == null || !export.available()) {
            throw new ProtocolException("asked for export '" + name + "', which is not there");
        }
        session.enter(name);
        replies.raw(ByteBuffer.allocate(10 + (padding ? Handshake.EXPORT_NAME_PADDING : 0))
                .putLong(export.lengthBytes())
                .putShort((short) export.transmissionFlags(session))
                .rewind());
        entered = export;
        return Next.TRANSMISSION;
    }

    private Next startTls(final OptionData data) throws OptionData.Malformed {
        data.end();
        if (!tlsOffered) {
            replies.refuse(OPT_STARTTLS, ERR_POLICY, "this server has no TLS");
        } else if (tlsActive) {
            replies.refuse(OPT_STARTTLS, ERR_INVALID, "TLS is active already");
        } else {
            replies.reply(OPT_STARTTLS, REP_ACK);
            return Next.TLS;
        }
        return Next.OPTION;
    }

    private void list(final OptionData data) throws OptionData.Malformed {
        data.end();
        for (final NbdExport export : directory.exports()) {
            final byte[] name = utf8(export.options().name());
            final byte[] description = utf8(export.options().description());
            replies.reply(
                    OPT_LIST,
                    REP_SERVER,
                    ByteBuffer.allocate(Integer.BYTES + name.length + description.length)
                            .putInt(name.length)
                            .put(name)
                            .put(description)
                            .flip());
        }
        replies.reply(OPT_LIST, REP_ACK);
    }

    private void raise(final int option, final OptionData data, final Session.Mode mode) throws OptionData.Malformed {
        data.end();
        if (session.mode() == mode) {
            replies.refuse(option, ERR_INVALID, "negotiated already");
        } else if (session.extended()) {
            replies.refuse(option, ERR_EXT_HEADER_REQD, "extended headers are negotiated already");
        } else {
            session.mode(mode);
            replies.reply(option, REP_ACK);
        }
    }

    // ---- INFO and GO ----

    private Next infoOrGo(final int option, final OptionData data) throws OptionData.Malformed {
        final String name = data.string();
        final int requests = data.int16();
        boolean wantsName = false;
        boolean wantsDescription = false;
        for (int i = 0; i < requests; i++) {
            final int type = data.int16();
            wantsName |= type == INFO_NAME;
            wantsDescription |= type == INFO_DESCRIPTION;
        }
        data.end();
        final NbdExport export = directory.export(name);
        if (export == null) {
            replies.refuse(option, ERR_UNKNOWN, "there is no export '" + name + "'");
            return Next.OPTION;
        }
        if (!export.available()) {
            replies.refuse(option, ERR_POLICY, "export '" + name + "' has no medium now");
            return Next.OPTION;
        }
        if (option == OPT_GO) {
            session.enter(name);
        }
        info(option, export, wantsName, wantsDescription);
        replies.reply(option, REP_ACK);
        if (option == OPT_INFO) {
            return Next.OPTION;
        }
        entered = export;
        return Next.TRANSMISSION;
    }

    private void info(
            final int option, final NbdExport export, final boolean wantsName, final boolean wantsDescription) {
        if (wantsName) {
            text(option, INFO_NAME, export.options().name());
        }
        if (wantsDescription) {
            text(option, INFO_DESCRIPTION, export.options().description());
        }
        replies.reply(
                option,
                REP_INFO,
                ByteBuffer.allocate(14)
                        .putShort((short) INFO_BLOCK_SIZE)
                        .putInt(1)
                        .putInt(PREFERRED_BLOCK)
                        .putInt(Transmission.MAX_PAYLOAD)
                        .flip());
        replies.reply(
                option,
                REP_INFO,
                ByteBuffer.allocate(12)
                        .putShort((short) INFO_EXPORT)
                        .putLong(export.lengthBytes())
                        .putShort((short) export.transmissionFlags(session))
                        .flip());
    }

    private void text(final int option, final int info, final String text) {
        final byte[] bytes = utf8(text);
        replies.reply(
                option,
                REP_INFO,
                ByteBuffer.allocate(Short.BYTES + bytes.length)
                        .putShort((short) info)
                        .put(bytes)
                        .flip());
    }

    // ---- metadata contexts ----

    private void metaContexts(final int option, final OptionData data) throws OptionData.Malformed {
        final boolean set = option == OPT_SET_META_CONTEXT;
        if (set) {
            session.choose("", 0);
        }
        if (!session.structured()) {
            replies.refuse(option, ERR_INVALID, "metadata contexts need structured replies");
            return;
        }
        final String name = data.string();
        final int queries = data.int32();
        int matched = 0;
        final NbdExport export = directory.export(name);
        final int offered = export == null ? 0 : export.contexts();
        for (int i = 0; i < queries; i++) {
            final String query = data.string();
            matched |= offered & (set ? named(query) : selected(query));
        }
        data.end();
        if (export == null) {
            replies.refuse(option, ERR_UNKNOWN, "there is no export '" + name + "'");
            return;
        }
        if (!set && queries == 0) {
            matched = offered;
        }
        if (set) {
            session.choose(name, matched);
        }
        context(option, matched & Session.CONTEXT_ALLOCATION, Transmission.BASE_ALLOCATION);
        context(option, matched & Session.CONTEXT_DEPTH, Transmission.ALLOCATION_DEPTH);
        replies.reply(option, REP_ACK);
    }

    private void context(final int option, final int id, final String name) {
        if (id != 0) {
            final byte[] bytes = utf8(name);
            final int shownId = option == OPT_SET_META_CONTEXT ? id : 0;
            replies.reply(
                    option,
                    REP_META_CONTEXT,
                    ByteBuffer.allocate(Integer.BYTES + bytes.length)
                            .putInt(shownId)
                            .put(bytes)
                            .flip());
        }
    }

    private static int named(final String query) {
        return switch (query) {
            case Transmission.BASE_ALLOCATION -> Session.CONTEXT_ALLOCATION;
            case Transmission.ALLOCATION_DEPTH -> Session.CONTEXT_DEPTH;
            default -> 0;
        };
    }

    /** A LIST query may also be a namespace alone, which stands for all in it. */
    private static int selected(final String query) {
        return switch (query) {
            case "base:" -> Session.CONTEXT_ALLOCATION;
            case "qemu:" -> Session.CONTEXT_DEPTH;
            default -> named(query);
        };
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
