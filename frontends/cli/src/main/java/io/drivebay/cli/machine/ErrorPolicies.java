package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.policy.ErrorPolicy.OnError;

/** Properties {@code rerror} and {@code werror}. */
final class ErrorPolicies {
    private ErrorPolicies() {}

    /**
     * Gives a backend the policy that properties ask for, where they do.
     *
     * @throws BlockException INVALID_OPTION for one that there is not
     */
    static void apply(final BlockBackend backend, final BlockdevOptions properties) throws BlockException {
        final OnError read = properties.choice("rerror", OnError.class, OnError.AUTO);
        final OnError write = properties.choice("werror", OnError.class, OnError.AUTO);
        backend.errors().policy(backend.errors().policy().overriddenBy(read, write));
    }
}
