package doppio.nn;

import doppio.Generator;
import doppio.nn.ModuleCase.Law;
import doppio.own.Centre;
import doppio.own.Product;
import doppio.own.Skip;
import doppio.own.Square;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every module that the laws are tested on: each layer of the library has a row. */
final class ModuleCases {
  private static final String OF_THE_BATCH = "it normalises by the batch's statistics";
  private static final String NO_MEAN = "nothing has no mean";
  private static final String IMAGES = "%s expects input [n, c, h, w] or [c, h, w] but got ";
  private static final String FLATTEN =
      "Flatten() expects input [n, ..] with a batch as its first dimension but got ";

  private ModuleCases() {}

  static Stream<ModuleCase> all() {
    return Stream.of(layers(), composites(), AttentionCases.composites()).flatMap(c -> c);
  }

  /** Those that do not take every shape. */
  static Stream<ModuleCase> refusing() {
    return all().filter(c -> !c.refusals().isEmpty());
  }

  static Stream<ModuleCase> refusingLayers() {
    return layers().filter(c -> !c.refusals().isEmpty());
  }

  static Stream<ModuleCase> layers() {
    return Stream.of(dense(), ConvolutionCases.all(), SequenceCases.all(), AttentionCases.layers())
        .flatMap(s -> s);
  }

  private static Stream<ModuleCase> dense() {
    return Stream.of(
        new ModuleCase("Linear", g -> new Linear(5, 3, g), 5)
            .refuses("Linear(5 → 3) expects input [n, 5] but got [4, 6]", "", 4, 6)
            .refuses("Linear(5 → 3) expects input [n, 5] but got [6]", "", 6)
            .refuses("Linear(5 → 3) expects input [n, 5] but got []", "")
            .refuses("Linear(5 → 3) expects input [n, 5] but got [2, 5, 3]", "", 2, 5, 3)
            .accepts(2, 3, 5)
            .accepts(2, 1, 0, 5)
            .refuses("Linear(5 → 3) expects input [n, 5] but got [0, 3]", "", 0, 3),
        new ModuleCase("Linear without bias", g -> new Linear(4, 7, false, g), 4)
            .refuses("Linear(4 → 7, no bias) expects input [n, 4] but got [4, 1]", "", 4, 1),
        new ModuleCase("Linear 1 to 1", g -> new Linear(1, 1, g), 1)
            .refuses("Linear(1 → 1) expects input [n, 1] but got [1, 0]", "", 1, 0),
        new ModuleCase("Embedding", g -> new Embedding(6, 3, g), 4)
            .indices(6)
            .accepts()
            .accepts(2, 3, 1),
        elementwise("ReLU", g -> new ReLU()),
        elementwise("LeakyReLU", g -> new LeakyReLU()),
        elementwise("LeakyReLU 0.2", g -> new LeakyReLU(0.2)),
        elementwise("Sigmoid", g -> new Sigmoid()),
        elementwise("Tanh", g -> new Tanh()),
        elementwise("GELU", g -> new GELU()),
        elementwise("GELU by tanh", g -> GELU.tanh()),
        elementwise("SiLU", g -> new SiLU()),
        elementwise("ELU", g -> new ELU()),
        elementwise("ELU 0.3", g -> new ELU(0.3)),
        elementwise("Softplus", g -> new Softplus()),
        new ModuleCase("LogSoftmax", g -> new LogSoftmax(), 5)
            .anyShape()
            .accepts(2, 3, 4)
            .accepts(3, 1)
            .accepts(2, 0)
            .refuses("LogSoftmax() expects input [.., classes] but got []", ""),
        new ModuleCase("Softmax", g -> new Softmax(), 5)
            .anyShape()
            .accepts(2, 3, 4)
            .accepts(3, 1)
            .accepts(2, 0)
            .refuses("Softmax() expects input [.., classes] but got []", ""),
        new ModuleCase("BatchNorm1d", g -> randomised(new BatchNorm1d(3), g), 3)
            .accepts(4, 3, 5)
            .accepts(2, 3, 0)
            .refuses("BatchNorm1d(3) expects input [n, 3] or [n, 3, l] but got [3, 4]", "", 3, 4)
            .refuses("BatchNorm1d(3) expects input [n, 3] or [n, 3, l] but got [4]", "", 4)
            .refuses("BatchNorm1d(3) expects input [n, 3] or [n, 3, l] but got []", "")
            .refuses(
                "BatchNorm1d(3) expects input [n, 3] or [n, 3, l] but got [2, 3, 4, 5]",
                "",
                2,
                3,
                4,
                5)
            .except(Law.EMPTY_BATCH_IN_TRAINING, NO_MEAN)
            .except(Law.ONE_SAMPLE_IN_TRAINING, "a single value has no variance")
            .except(Law.SAMPLES_ARE_INDEPENDENT_IN_TRAINING, OF_THE_BATCH),
        new ModuleCase("BatchNorm2d", g -> randomised(new BatchNorm2d(2, 1e-3, 0.3), g), 2, 1, 3)
            .accepts(3, 2, 5, 4)
            .refuses(
                "BatchNorm2d(2, eps 0.001, momentum 0.3) expects input [n, 2, h, w] but got"
                    + " [2, 3, 4, 5]",
                "",
                2,
                3,
                4,
                5)
            .refuses(
                "BatchNorm2d(2, eps 0.001, momentum 0.3) expects input [n, 2, h, w] but got [4, 2]",
                "",
                4,
                2)
            .refuses(
                "BatchNorm2d(2, eps 0.001, momentum 0.3) expects input [n, 2, h, w] but got"
                    + " [1, 4, 2, 3, 4]",
                "",
                1,
                4,
                2,
                3,
                4)
            .except(Law.EMPTY_BATCH_IN_TRAINING, NO_MEAN)
            .except(Law.SAMPLES_ARE_INDEPENDENT_IN_TRAINING, OF_THE_BATCH),
        new ModuleCase("LayerNorm", g -> randomised(new LayerNorm(5), g), 5)
            .accepts(2, 3, 5)
            .refuses("LayerNorm(5) expects input [.., 5] but got [5, 4]", "", 5, 4)
            .refuses("LayerNorm(5) expects input [.., 5] but got []", ""),
        new ModuleCase("LayerNorm of two", g -> randomised(LayerNorm.withEps(0.1, 3, 4), g), 3, 4)
            .accepts(2, 1, 3, 4)
            .refuses("LayerNorm(3, 4, eps 0.1) expects input [.., 3, 4] but got [2, 4]", "", 2, 4)
            .refuses("LayerNorm(3, 4, eps 0.1) expects input [.., 3, 4] but got [4]", "", 4),
        new ModuleCase("MaxPool2d", g -> new MaxPool2d(2), 2, 4, 5)
            .accepts(2, 3, 2, 2)
            .refuses(IMAGES.formatted("MaxPool2d(2 × 2)") + "[4, 5]", "", 4, 5)
            .refuses(IMAGES.formatted("MaxPool2d(2 × 2)") + "[1, 1, 2, 4, 5]", "", 1, 1, 2, 4, 5)
            .refuses(IMAGES.formatted("MaxPool2d(2 × 2)") + "[1, 2, 0, 5]", "", 1, 2, 0, 5)
            .refuses(
                "MaxPool2d(2 × 2): a window of 2 × 2 does not fit an input of 1 × 5 with padding 0",
                "",
                1,
                2,
                1,
                5),
        new ModuleCase(
                "MaxPool2d overlapping",
                g -> new MaxPool2d(Window.of(3, 2).stride(2, 1).padding(1, 0).dilation(1, 2)),
                2,
                5,
                4)
            .refuses(
                IMAGES.formatted("MaxPool2d(3 × 2, stride 2 × 1, padding 1 × 0, dilation 1 × 2)")
                    + "[]",
                ""),
        new ModuleCase("AvgPool2d", g -> new AvgPool2d(2), 2, 4, 5)
            .refuses(IMAGES.formatted("AvgPool2d(2 × 2)") + "[4, 5]", "", 4, 5)
            .refuses(IMAGES.formatted("AvgPool2d(2 × 2)") + "[1, 1, 2, 4, 5]", "", 1, 1, 2, 4, 5),
        new ModuleCase(
            "AvgPool2d with padding",
            g -> new AvgPool2d(Window.of(3).stride(2).padding(1)),
            1,
            4,
            5),
        new ModuleCase(
            "AvgPool2d without padding",
            g -> new AvgPool2d(Window.of(3).stride(2).padding(1), false),
            1,
            4,
            5),
        new ModuleCase(
                "MaxPool2d in ceil mode",
                g -> new MaxPool2d(Window.of(3, 2).stride(2).padding(1, 0).ceilMode(true)),
                2,
                4,
                5)
            .accepts(1, 2, 1)
            .refuses(
                IMAGES.formatted("MaxPool2d(3 × 2, stride 2, padding 1 × 0, ceil mode)")
                    + "[1, 4, 0]",
                "",
                1,
                4,
                0),
        new ModuleCase(
            "MaxPool2d of pairs in ceil mode",
            g -> new MaxPool2d(Window.of(2).ceilMode(true)),
            1,
            3,
            5),
        new ModuleCase(
            "AvgPool2d in ceil mode",
            g -> new AvgPool2d(Window.of(3).stride(2).padding(1).ceilMode(true)),
            1,
            4,
            5),
        new ModuleCase(
            "AvgPool2d in ceil mode without padding",
            g -> new AvgPool2d(Window.of(3).stride(2).padding(1).ceilMode(true), false),
            1,
            4,
            5),
        new ModuleCase("GlobalAvgPool2d", g -> new GlobalAvgPool2d(), 2, 3, 4)
            .accepts(3, 1, 1, 1)
            .refuses(IMAGES.formatted("GlobalAvgPool2d()") + "[3, 4]", "", 3, 4)
            .refuses(IMAGES.formatted("GlobalAvgPool2d()") + "[1, 1, 2, 4, 5]", "", 1, 1, 2, 4, 5)
            .refuses(IMAGES.formatted("GlobalAvgPool2d()") + "[2, 0, 4]", "", 2, 0, 4),
        new ModuleCase("Flatten", g -> new Flatten(), 2, 3, 4)
            .accepts(7, 5)
            .accepts(3, 0)
            .refuses(FLATTEN + "[5]", "", 5)
            .refuses(FLATTEN + "[]", "")
            .except(Law.SAMPLE_ALONE, "its first dimension is the batch, always"),
        elementwise("Dropout", g -> new Dropout(0.3, g)),
        elementwise("Square", g -> new Square()),
        elementwise("Scale", g -> new Scale(g.normal())),
        new ModuleCase("Centre", g -> new Centre(5), 5)
            .except(Law.SAMPLES_ARE_INDEPENDENT_IN_TRAINING, "its mean moves with every batch"));
  }

  private static Stream<ModuleCase> composites() {
    return Stream.of(
        new ModuleCase(
                "Sequential of recurrent layers",
                g ->
                    new Sequential(
                        new LSTM(3, 4, g),
                        new GRU(4, 2, 2, true, g),
                        new RNN(4, 3, g),
                        new LastStep(),
                        new Linear(3, 2, g)),
                5,
                3)
            .refuses(
                "LSTM(3 → 4) expects input [n, t, 3] or [t, 3] of at least one step but got [3]",
                "0",
                3),
        elementwise("Sequential, empty", g -> new Sequential()),
        new ModuleCase("Sequential of one", g -> new Sequential(new Linear(3, 2, g)), 3)
            .refuses("Linear(3 → 2) expects input [n, 3] but got [2]", "0", 2),
        new ModuleCase(
                "Sequential",
                g ->
                    new Sequential(
                        new Linear(5, 7, g),
                        new ReLU(),
                        new Linear(7, 6, g),
                        new LeakyReLU(0.1),
                        new Dropout(0.5, g),
                        new Linear(6, 4, false, g),
                        new Softmax()),
                5)
            .refuses("Linear(5 → 7) expects input [n, 5] but got [3, 4]", "0", 3, 4),
        new ModuleCase(
                "Sequential of convolutions",
                g ->
                    new Sequential(
                        new Conv2d(1, 3, Window.of(3).padding(1), g),
                        new Tanh(),
                        new Residual(new Conv2d(3, 3, Window.of(3).padding(1), g)),
                        new Conv2d(3, 2, Window.of(2).stride(2), g)),
                1,
                6,
                4)
            .refuses(
                "Conv2d(3 → 2, kernel 2 × 2, stride 2): a window of 2 × 2 does not fit an input of"
                    + " 1 × 4 with padding 0",
                "3",
                2,
                1,
                1,
                4),
        new ModuleCase(
                "Sequential, nested",
                g ->
                    new Sequential(
                        new Tanh(),
                        new Sequential(
                            new Sequential(),
                            new Sequential(new Sigmoid(), new Linear(4, 3, g)),
                            new Linear(3, 5, g)),
                        new Sequential(new Scale(g.normal()))),
                4)
            .refuses("Linear(4 → 3) expects input [n, 4] but got [2, 5]", "1.1.1", 2, 5),
        new ModuleCase(
                "ResidualBlock",
                g ->
                    new ResidualBlock(
                        new Sequential(new Linear(4, 6, g), new Tanh(), new Linear(6, 4, g))),
                4)
            .refuses("Linear(4 → 6) expects input [n, 4] but got [2, 3]", "body.0", 2, 3),
        new ModuleCase(
                "Residual",
                g ->
                    new Residual(
                        new Sequential(new Linear(4, 6, g), new Tanh(), new Linear(6, 4, g))),
                4)
            .refuses("Linear(4 → 6) expects input [n, 4] but got [2, 3]", "body.0", 2, 3),
        new ModuleCase("Residual of any shape", g -> new Residual(new Scale(g.normal())), 4),
        new ModuleCase(
                "Residual with a shortcut",
                g ->
                    new Residual(
                        new Sequential(new Linear(4, 3, g), new Centre(3), new Dropout(0.2, g)),
                        new Linear(4, 3, false, g)),
                4)
            .refuses(
                "Linear(4 → 3, no bias) expects input [n, 4] but got [2, 3]", "shortcut", 2, 3),
        new ModuleCase(
                "Concat",
                g -> new Concat(new Linear(4, 2, g), new Sequential(), new Linear(4, 3, g)),
                4)
            .accepts(2, 3, 4)
            .refuses("Linear(4 → 2) expects input [n, 4] but got [2, 5]", "0", 2, 5),
        new ModuleCase(
            "Concat along the last dimension",
            g -> Concat.along(-1, new Tanh(), new Scale(g.normal()), new Linear(3, 1, g)),
            3),
        new ModuleCase(
                "ColumnEmbeddings",
                g ->
                    new ColumnEmbeddings(
                        5, new int[] {1, 4}, new Embedding(4, 2, g), new Embedding(5, 3, g)),
                5)
            .indices(4, 1, 4)
            .accepts(2, 3, 5)
            .refuses("ColumnEmbeddings expects input [.., 5] but got [2, 4]", "", 2, 4),
        new ModuleCase(
                "ColumnEmbeddings in a Sequential",
                g ->
                    new Sequential(
                        new ColumnEmbeddings(2, new int[] {0}, new Embedding(3, 2, g)),
                        new Linear(3, 2, g)),
                2)
            .indices(3, 0),
        new ModuleCase(
            "Concats in a Sequential",
            g ->
                new Sequential(
                    new Concat(new Linear(3, 2, g), new Concat(new Tanh(), new Linear(3, 2, g))),
                    new Residual(new Concat(new Linear(7, 3, g), new Linear(7, 4, g)))),
            3),
        new ModuleCase(
                "Skip",
                g -> new Skip(new Sequential(new Linear(4, 6, g), new Tanh(), new Linear(6, 4, g))),
                4)
            .refuses("Linear(4 → 6) expects input [n, 4] but got [2, 3]", "body.0", 2, 3),
        new ModuleCase(
            "Product",
            g ->
                new Product(
                    new Linear(4, 4, g), new Skip(new Sequential(new Linear(4, 4, g), new Tanh()))),
            4),
        new ModuleCase(
            "ResidualBlocks in a Sequential",
            g ->
                new Sequential(
                    new Linear(3, 4, g),
                    new ResidualBlock(new Sequential(new Linear(4, 4, g), new Sigmoid())),
                    new ResidualBlock(new ResidualBlock(new Linear(4, 4, g))),
                    new Linear(4, 2, g)),
            3));
  }

  /** Parameters and buffers that are neither 0 nor 1 all over; variances stay positive. */
  private static Module randomised(Module module, Generator g) {
    for (Parameter p : module.parameters()) {
      g.uniform(p.value().data(), 0.5, 2);
    }
    module
        .namedBuffers()
        .forEach(
            (name, buffer) -> {
              if (name.startsWith("running")) {
                g.uniform(buffer.data(), 0.5, 2);
              }
            });
    return module;
  }

  private static ModuleCase elementwise(String name, Function<Generator, Module> constructor) {
    return new ModuleCase(name, constructor, 5).accepts().accepts(2, 3, 4).anyShape();
  }
}
