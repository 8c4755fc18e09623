package io.drivebay.monitor;

import io.drivebay.backend.graph.BlockException;
import java.util.List;
import java.util.Map;

/**
 * The machine around the disks, as a monitor controls it. Where there is none, as in a daemon, the monitor does not have
 * the commands for it. Control threads; one call at a time.
 */
public interface MachinePort {
    /**
     * A type of machine that can be chosen: QAPI's MachineInfo.
     *
     * @param name such as {@code pc-i440fx-7.2}
     * @param alias another name for it; empty for none
     * @param isDefault whether it is what is chosen when none is
     * @param maxCpus how many processors it can have
     */
    record MachineType(String name, String alias, boolean isDefault, int maxCpus) {}

    /**
     * A type of object: QAPI's ObjectTypeInfo.
     *
     * @param name such as {@code ide-cd}
     * @param parent the type that it is a kind of; empty for none
     * @param isAbstract whether there are only kinds of it, no objects
     */
    record ObjectType(String name, String parent, boolean isAbstract) {}

    /** What the machine is called; empty for nothing. */
    default String name() {
        return "";
    }

    /**
     * Makes a drive without a device, or a node: {@code drive_add}.
     *
     * @param options as {@code -drive} takes them on a command line, {@code if=none,id=...,file=...}
     * @throws BlockException INVALID_OPTION, BAD_NAME, IN_USE, IO
     */
    void addDrive(String options) throws BlockException;

    /**
     * Plugs a device in: {@code device_add}.
     *
     * @param properties the driver, the id and the rest, as a user wrote them; unknown ones are to be refused
     * @throws BlockException INVALID_OPTION, NOT_FOUND, IN_USE, NOT_SUPPORTED
     */
    void addDevice(Map<String, Object> properties) throws BlockException;

    /**
     * Asks for a device to be unplugged: {@code device_del}. When it is gone, {@link Monitor#deviceDeleted} is called.
     *
     * @throws BlockException NOT_FOUND when no device has this id; WRONG_STATE when it cannot be unplugged
     */
    void deleteDevice(String id) throws BlockException;

    /** Resets everything as the reset button does. */
    void reset() throws BlockException;

    /** Ends the machine and its process; the last reply has been sent. Called at most once; may return before that. */
    void quit();

    /** The machine types that can be had. */
    List<MachineType> machineTypes();

    /** The types of objects that can be had, with the types that they are kinds of. */
    List<ObjectType> objectTypes();
}
