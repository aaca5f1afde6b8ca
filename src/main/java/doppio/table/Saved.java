package doppio.table;

import doppio.internal.Keys;
import doppio.io.SafeTensors;
import doppio.model.ModelFile;
import doppio.model.Registry;
import doppio.nn.Module;
import doppio.table.Column.Kind;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a table's model file holds: the network as every model file has it, and a text among the
 * metadata. Its first line has a version, what was saved, the target, and the names of the classes
 * or the target's mean and deviation; then there is a line for each column. Words stand between
 * blanks, as in the query of a web address.
 *
 * @param kind what was saved
 * @param target the component that is predicted
 * @param answers what the outputs mean
 */
record Saved(
    String kind, String target, List<String> answers, List<Column> columns, Module network) {
  private static final String VERSION = "1";

  SafeTensors.Contents contents(Registry own) {
    Map<String, String> metadata = new HashMap<>(ModelFile.metadata(network, own));
    metadata.put(key(), text());
    return new SafeTensors.Contents(network.stateDict(), metadata);
  }

  /** Reads what a file holds, which has to be of a kind. */
  static Saved read(SafeTensors.Contents contents, String kind, Registry own) {
    String text = contents.metadata().get(key());
    if (text == null) {
      throw new IllegalArgumentException(
          "expected metadata " + key() + " but there is none: this was not saved by a " + kind);
    }
    try {
      List<List<String>> lines =
          Arrays.stream(text.split("\n")).map(Saved::words).collect(Collectors.toList());
      List<String> head = lines.get(0);
      if (!head.get(0).equals(VERSION) || !head.get(1).equals(kind)) {
        throw new IllegalArgumentException(
            "expected version 1 of a "
                + kind
                + " but got version "
                + String.join(" of a ", head.subList(0, 2)));
      }
      List<Column> columns = new ArrayList<>();
      for (List<String> line : lines.subList(1, lines.size())) {
        columns.add(column(line));
      }
      if (columns.isEmpty()) {
        throw new IllegalArgumentException("metadata " + key() + ": there is no column");
      }
      return new Saved(
          kind,
          head.get(2),
          List.copyOf(head.subList(3, head.size())),
          columns,
          ModelFile.load(contents, own));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("metadata " + key() + ": a line ends too early", e);
    }
  }

  private static Column column(List<String> line) {
    return new Column(
        line.get(0),
        line.get(1),
        Kind.valueOf(line.get(2)),
        Double.parseDouble(line.get(3)),
        Double.parseDouble(line.get(4)),
        Boolean.parseBoolean(line.get(5)),
        Column.places(line.subList(6, line.size())));
  }

  private String text() {
    List<String> head = new ArrayList<>(List.of(VERSION, kind, target));
    head.addAll(answers);
    StringBuilder text = new StringBuilder(line(head));
    for (Column c : columns) {
      List<String> line = new ArrayList<>(List.of(c.name(), c.type(), c.kind().name()));
      line.addAll(List.of("" + c.mean(), "" + c.std(), "" + c.gaps()));
      line.addAll(c.words().keySet());
      text.append('\n').append(line(line));
    }
    return text.toString();
  }

  private static String line(List<String> words) {
    return words.stream()
        .map(word -> URLEncoder.encode(word, StandardCharsets.UTF_8))
        .collect(Collectors.joining(" "));
  }

  private static List<String> words(String line) {
    return Arrays.stream(line.split(" ", -1))
        .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
        .toList();
  }

  private static String key() {
    return Keys.of("table");
  }
}
