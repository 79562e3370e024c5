package io.tarn.master.namespace;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups from the configuration, and for other users from elsewhere. Immutable. */
public final class StaticGroups implements GroupResolver {
    private final Map<String, List<String>> byUser = new HashMap<>();
    private final GroupResolver others;

    /**
     * @param definitions each {@code user:group|group}
     * @param others asked for users that no definition names
     * @throws TarnException INVALID_ARGUMENT for a definition of another form
     */
    public StaticGroups(List<String> definitions, GroupResolver others) throws TarnException {
        this.others = others;
        for (String definition : definitions) {
            int colon = definition.indexOf(':');
            if (colon <= 0 || colon == definition.length() - 1) {
                throw new TarnException(
                        ErrorCode.INVALID_ARGUMENT,
                        "master.groups: \"" + definition + "\" is not of the form user:group|group");
            }
            byUser.put(
                    definition.substring(0, colon).trim(),
                    List.of(definition.substring(colon + 1).trim().split("\\|")));
        }
    }

    @Override
    public List<String> groupsOf(String user) {
        List<String> groups = byUser.get(user);
        return groups != null ? groups : others.groupsOf(user);
    }
}
