package io.drivebay.cli;

import io.drivebay.backend.graph.BlockException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How a command ends that could not do its work: one line that says why, and an exit code. */
final class Exit implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private final Verbosity verbosity;

    Exit(final Verbosity verbosity) {
        this.verbosity = verbosity;
    }

    /** What the user wrote makes no sense. */
    @Override
    public int handleParseException(final ParameterException exception, final String[] arguments) {
        final CommandLine command = exception.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        say(command, name, Objects.requireNonNullElse(exception.getMessage(), "bad usage"), exception);
        command.getErr().println("Try '" + name + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** What was asked for could not be done. */
    @Override
    public int handleExecutionException(
            final Exception exception, final CommandLine command, final ParseResult parsed) {
        say(command, command.getCommandSpec().qualifiedName(), message(exception), exception);
        return badOption(exception)
                ? command.getCommandSpec().exitCodeOnInvalidInput()
                : command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static boolean badOption(final Exception exception) {
        return exception instanceof BlockException refusal
                && switch (refusal.kind()) {
                    case INVALID_OPTION, BAD_NAME, NOT_FOUND -> true;
                    default -> false;
                };
    }

    private void say(final CommandLine command, final String name, final String text, final Exception exception) {
        final PrintWriter err = command.getErr();
        err.println(name + ": " + text);
        if (verbosity.verbose()) {
            exception.printStackTrace(err);
        }
        err.flush();
    }

    private static String message(final Exception exception) {
        final String said = exception.getMessage();
        if (exception instanceof NoSuchFileException) {
            return said + ": there is no such file or folder";
        }
        if (exception instanceof AccessDeniedException) {
            return said + ": access denied";
        }
        if (exception instanceof FileSystemException refusal && refusal.getReason() != null) {
            return refusal.getFile() + ": " + refusal.getReason();
        }
        final boolean explained = exception instanceof BlockException
                || exception instanceof IOException
                || exception instanceof IllegalArgumentException
                || exception instanceof IllegalStateException;
        return explained && said != null ? said : "internal error: " + exception;
    }
}
