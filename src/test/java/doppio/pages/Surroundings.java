package doppio.pages;

import java.util.Map;
import java.util.Set;

/**
 * What the statements of a page take as given, the variables that the text around them has told of,
 * by the page's file and the heading above them.
 */
final class Surroundings {
  private static final String DIGITS =
      """
      Sequential model =
          new Sequential(new Linear(64, 128), new ReLU(), new Linear(128, 10));
      """;

  private static final Map<String, String> BY_HEADING =
      Map.of(
          "README.md: Without writing the loop",
          """
          Generator generator = new Generator(66);
          Dataset.Split digits = Digits.load().scale(1 / 16.0).shuffle(generator).split(0.7);
          Sequential model =
              new Sequential(
                  new Linear(64, 128, generator), new ReLU(), new Linear(128, 10, generator));
          """,
          "README.md: ONNX",
          DIGITS,
          "README.md: Java source",
          DIGITS,
          "sequences.md: The characters beside the network",
          """
          Characters characters = Characters.of("\\nabc");
          Module model = new Sequential(new GRU(4, 8), new Linear(8, 4));
          """,
          "README.md: From PyTorch and back",
          """
          Tensor images = Tensor.zeros(2, 784);
          SafeTensors.save(
              Path.of("model.safetensors"),
              new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10)).stateDict());
          """);

  private Surroundings() {}

  static String of(Page.Block block) {
    String key = block.file().getFileName() + ": " + block.heading();
    return BY_HEADING.getOrDefault(key, "");
  }

  /** The keys, each of which names a heading that has statements below it. */
  static Set<String> keys() {
    return BY_HEADING.keySet();
  }
}
