package io.drivebay.backend.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GraphChangeTest {
    private static final int READ = Permission.CONSISTENT_READ.bit();
    private static final int WRITE = Permission.WRITE.bit();
    private static final int ALL_BUT_WRITE = Permission.ALL & ~WRITE;

    private final IoDomain domain = new IoDomain(IoContext.stepped("test", new VirtualClock()));

    /** Somebody who holds a link. */
    private final class User implements Parent {
        private final String name;
        private final Child link = new Child(this, "root");

        User(final String name) {
            this.name = name;
        }

        @Override
        public String describe() {
            return "user '" + name + "'";
        }

        @Override
        public IoDomain domain() {
            return domain;
        }

        @Override
        public void childDrainBegin() {}

        @Override
        public void childDrainEnd() {}

        @Override
        public boolean quiet() {
            return true;
        }

        @Override
        public void childResized() {}
    }

    private BlockNode disk(final String name) {
        final TestDriver driver = new TestDriver(4096);
        final BlockNode node = new BlockNode(name, driver, domain, NodeOptions.DEFAULTS);
        driver.attached(node);
        return node;
    }

    private BlockNode filter(final String name, final BlockNode... children) throws BlockException {
        final BlockNode node = new BlockNode(name, new TestFilter(), domain, NodeOptions.DEFAULTS);
        for (final BlockNode child : children) {
            make(new GraphChange().attach(node.newChild("file"), child, Permission.NONE, Permission.ALL));
        }
        return node;
    }

    private static List<BlockNode> make(final GraphChange change) throws BlockException {
        change.prepare().apply();
        return change.finish();
    }

    private static Kind refused(final GraphChange change) {
        return Refusals.kindOf(change::prepare);
    }

    @Test
    void whatAParentTakesIsPassedDownToTheLeaves() throws BlockException {
        final BlockNode leaf = disk("leaf");
        final BlockNode top = filter("top", filter("middle", leaf));

        make(new GraphChange().attach(new User("u").link, top, READ | WRITE, ALL_BUT_WRITE));

        assertEquals(READ | WRITE, leaf.permissions());
        assertEquals(ALL_BUT_WRITE, leaf.shared());
    }

    @Test
    void aDiamondsSharedLeafHasTheUnionOfWhatIsTakenAndTheIntersectionOfWhatIsShared() throws BlockException {
        final BlockNode leaf = disk("leaf");
        final BlockNode left = filter("left", leaf);
        final BlockNode right = filter("right", leaf);

        make(new GraphChange()
                .attach(new User("l").link, left, READ, Permission.ALL)
                .attach(new User("r").link, right, WRITE, Permission.ALL & ~Permission.RESIZE.bit()));

        assertEquals(READ | WRITE, leaf.permissions());
        assertEquals(Permission.ALL & ~Permission.RESIZE.bit(), leaf.shared());
    }

    @Test
    void aConflictNamesNodeBothUsersAndWhatIsMissing() throws BlockException {
        final BlockNode disk = disk("disk");
        make(new GraphChange().attach(new User("first").link, disk, WRITE, ALL_BUT_WRITE));

        final GraphChange second = new GraphChange().attach(new User("second").link, disk, WRITE, Permission.ALL);

        assertEquals(
                "conflicting use of node 'disk': user 'second' as 'root' needs 'write', which user 'first' as 'root' "
                        + "does not share",
                Refusals.messageOf(second::prepare));
    }

    @Test
    void aConflictBelowADiamondRefusesTheWholeChange() throws BlockException {
        final BlockNode leaf = disk("leaf");
        final User l = new User("l");
        final User r = new User("r");
        final GraphChange change = new GraphChange()
                .attach(l.link, filter("left", leaf), WRITE, ALL_BUT_WRITE)
                .attach(r.link, filter("right", leaf), WRITE, Permission.ALL);

        assertEquals(Kind.IN_USE, refused(change));

        assertNull(l.link.node());
        assertEquals(Permission.NONE, leaf.permissions());
    }

    @Test
    void aPermissionMayMoveFromOneUserToAnotherInOneChangeWhateverTheOrder() throws BlockException {
        final BlockNode leaf = disk("leaf");
        final User from = new User("from");
        final User to = new User("to");
        make(new GraphChange()
                .attach(from.link, filter("left", leaf), WRITE, ALL_BUT_WRITE)
                .attach(to.link, filter("right", leaf), READ, Permission.ALL));

        make(new GraphChange().permissions(to.link, WRITE, ALL_BUT_WRITE).permissions(from.link, READ, Permission.ALL));
        make(new GraphChange().permissions(to.link, READ, Permission.ALL).permissions(from.link, WRITE, ALL_BUT_WRITE));

        assertEquals(WRITE, from.link.permissions());
        assertEquals(READ | WRITE, leaf.permissions());
    }

    @Test
    void givingPermissionsUpNeverFails() throws BlockException {
        final BlockNode ragged = raggedDisk();
        final User user = new User("u");
        final int resizing = WRITE | Permission.RESIZE.bit();
        make(new GraphChange().attach(user.link, ragged, resizing, Permission.ALL));

        make(new GraphChange().permissions(user.link, WRITE, Permission.ALL));
        make(new GraphChange().permissions(user.link, Permission.NONE, Permission.ALL));

        assertEquals(Permission.NONE, ragged.permissions());
    }

    private BlockNode raggedDisk() {
        final TestDriver driver = new TestDriver(1000).limits(BlockLimits.UNLIMITED.withAlignment(512));
        return new BlockNode("ragged", driver, domain, NodeOptions.DEFAULTS);
    }

    @Test
    void writingWithoutResizingANodeThatEndsOffItsAlignmentIsRefused() {
        final User user = new User("u");

        assertEquals(
                Kind.IN_USE,
                Refusals.kindOf(() -> new GraphChange()
                        .attach(user.link, raggedDisk(), WRITE, Permission.ALL)
                        .prepare()));
    }

    @Test
    void writingToAReadOnlyNodeIsRefused() {
        final BlockNode rom = new BlockNode("rom", new TestDriver(512).readOnly(true), domain, NodeOptions.DEFAULTS);

        assertEquals(
                Kind.READ_ONLY,
                Refusals.kindOf(() -> new GraphChange()
                        .attach(new User("u").link, rom, WRITE, Permission.ALL)
                        .prepare()));
    }

    @Test
    void whenTheSecondDriverRefusesTheFirstGoesBack() throws BlockException {
        final BlockNode first = disk("first");
        final BlockNode second = disk("second");
        ((TestDriver) second.driver()).refusesPermissions(true);
        final User a = new User("a");
        final User b = new User("b");

        assertEquals(
                Kind.IN_USE,
                refused(new GraphChange()
                        .attach(a.link, first, READ, Permission.ALL)
                        .attach(b.link, second, READ, Permission.ALL)));

        assertEquals(List.of("prepare consistent-read", "abort"), ((TestDriver) first.driver()).permissionLog);
        assertEquals(List.of(), ((TestDriver) second.driver()).permissionLog);
        assertNull(a.link.node());
    }

    @Test
    void aCycleIsRefusedAlsoOneThatOnlyTwoLinksOfTheSameChangeMake() throws BlockException {
        final BlockNode a = new BlockNode("a", new TestFilter(), domain, NodeOptions.DEFAULTS);
        final BlockNode b = new BlockNode("b", new TestFilter(), domain, NodeOptions.DEFAULTS);
        final Child fromA = a.newChild("file");
        final Child fromB = b.newChild("file");

        assertEquals(Kind.IN_USE, refused(new GraphChange().attach(fromA, a, READ, Permission.ALL)));
        assertEquals(
                Kind.IN_USE,
                refused(new GraphChange()
                        .attach(fromA, b, READ, Permission.ALL)
                        .attach(fromB, a, READ, Permission.ALL)));
    }

    @Test
    void twoNodesMayChangePlacesInOneChange() throws BlockException {
        final BlockNode a = new BlockNode("a", new TestFilter(), domain, NodeOptions.DEFAULTS);
        final BlockNode b = new BlockNode("b", new TestFilter(), domain, NodeOptions.DEFAULTS);
        final Child fromA = a.newChild("file");
        final Child fromB = b.newChild("file");
        make(new GraphChange().attach(fromA, b, READ, Permission.ALL));

        make(new GraphChange().attach(fromB, a, READ, Permission.ALL).detach(fromA));

        assertSame(a, fromB.node());
        assertNull(fromA.node());
        assertTrue(b.parents().isEmpty());
    }

    @Test
    void aFrozenLinkCanBeNeitherRemovedNorReplaced() throws BlockException {
        final User user = new User("u");
        make(new GraphChange().attach(user.link, disk("disk"), READ, Permission.ALL));
        user.link.frozen(true);

        assertEquals(Kind.IN_USE, Refusals.kindOf(() -> new GraphChange().detach(user.link)));
        assertEquals(
                Kind.IN_USE,
                Refusals.kindOf(() -> new GraphChange().attach(user.link, disk("other"), READ, Permission.ALL)));
        user.link.frozen(false);
        make(new GraphChange().detach(user.link));
        assertNull(user.link.node());
    }

    @Test
    void whoLosesTheLastReferenceIsHandedBack() throws BlockException {
        final BlockNode disk = disk("disk");
        final User user = new User("u");
        make(new GraphChange().attach(user.link, disk, READ, Permission.ALL));
        assertFalse(disk.release());

        assertEquals(List.of(disk), make(new GraphChange().detach(user.link)));
    }

    @Test
    void aChangeWithdrawnAfterPreparationTellsEveryDriver() throws BlockException {
        final BlockNode disk = disk("disk");
        final GraphChange change = new GraphChange().attach(new User("u").link, disk, READ, Permission.ALL);
        change.prepare();

        change.abort();

        assertFalse(change.applied());
        assertEquals(List.of("prepare consistent-read", "abort"), ((TestDriver) disk.driver()).permissionLog);
    }

    @Test
    void blockedOperationsAreRefusedWithTheBlockersReason() throws BlockException {
        final BlockNode disk = disk("disk");
        final OperationBlockers.Blocker first = disk.blockers().block(BlockedOperation.EJECT, "a mirror runs");
        final OperationBlockers.Blocker second = disk.blockers().block(BlockedOperation.EJECT, "a backup runs");

        assertEquals("a mirror runs", Refusals.messageOf(() -> disk.blockers().check(BlockedOperation.EJECT)));
        disk.blockers().check(BlockedOperation.RESIZE);
        first.close();
        assertEquals("a backup runs", Refusals.messageOf(() -> disk.blockers().check(BlockedOperation.EJECT)));
        second.close();
        disk.blockers().check(BlockedOperation.EJECT);
        assertEquals("drive-del", BlockedOperation.DRIVE_DEL.qapiName());
    }
}
