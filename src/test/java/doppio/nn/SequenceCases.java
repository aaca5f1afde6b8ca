package doppio.nn;

import java.util.stream.Stream;

/** The layers for sequences among {@link ModuleCases}. */
final class SequenceCases {
  private SequenceCases() {}

  static Stream<ModuleCase> all() {
    return Stream.of(
        new ModuleCase("RNN", g -> new RNN(3, 4, g), 5, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .refuses(steps("RNN(3 → 4)", "3") + " but got [3]", "", 3)
            .refuses(steps("RNN(3 → 4)", "3") + " but got [5, 4]", "", 5, 4)
            .refuses(steps("RNN(3 → 4)", "3") + " but got [2, 0, 3]", "", 2, 0, 3),
        new ModuleCase("RNN of two layers", g -> new RNN(2, 3, 2, true, g), 4, 2)
            .refuses(
                steps("RNN(2 → 3, layers 2, bidirectional)", "2") + " but got [0, 2]", "", 0, 2),
        new ModuleCase("GRU", g -> new GRU(3, 5, g), 4, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .refuses(steps("GRU(3 → 5)", "3") + " but got []", "")
            .refuses(steps("GRU(3 → 5)", "3") + " but got [2, 4, 5]", "", 2, 4, 5)
            .refuses(steps("GRU(3 → 5)", "3") + " but got [1, 2, 4, 3]", "", 1, 2, 4, 3),
        new ModuleCase("GRU of two directions", g -> new GRU(4, 2, 1, true, g), 3, 4)
            .refuses(steps("GRU(4 → 2, bidirectional)", "4") + " but got [3, 3]", "", 3, 3),
        new ModuleCase("GRU of three layers", g -> new GRU(1, 2, 3, false, g), 6, 1)
            .refuses(steps("GRU(1 → 2, layers 3)", "1") + " but got [6]", "", 6),
        new ModuleCase("LSTM", g -> new LSTM(3, 4, g), 5, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .refuses(steps("LSTM(3 → 4)", "3") + " but got [3]", "", 3)
            .refuses(steps("LSTM(3 → 4)", "3") + " but got [2, 5, 4]", "", 2, 5, 4)
            .refuses(steps("LSTM(3 → 4)", "3") + " but got [0, 3]", "", 0, 3)
            .refuses(steps("LSTM(3 → 4)", "3") + " but got [1, 1, 5, 3]", "", 1, 1, 5, 3),
        new ModuleCase("LSTM of two layers", g -> new LSTM(2, 3, 2, true, g), 4, 2)
            .refuses(
                steps("LSTM(2 → 3, layers 2, bidirectional)", "2") + " but got [4, 3]", "", 4, 3),
        new ModuleCase("CausalConv1d", g -> new CausalConv1d(3, 4, 2, 1, g), 5, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .refuses(steps("CausalConv1d(3 → 4, kernel 2)", "3") + " but got [3]", "", 3)
            .refuses(steps("CausalConv1d(3 → 4, kernel 2)", "3") + " but got [3, 5]", "", 3, 5)
            .refuses(
                steps("CausalConv1d(3 → 4, kernel 2)", "3") + " but got [2, 0, 3]", "", 2, 0, 3),
        new ModuleCase("CausalConv1d dilated", g -> new CausalConv1d(2, 3, 3, 2, g), 6, 2)
            .accepts(3, 2)
            .refuses(
                steps("CausalConv1d(2 → 3, kernel 3, dilation 2)", "2") + " but got [1, 1, 6, 2]",
                "",
                1,
                1,
                6,
                2),
        new ModuleCase("LastStep", g -> new LastStep(), 4, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .accepts(2, 3, 0)
            .refuses(steps("LastStep()", "f") + " but got [3]", "", 3)
            .refuses(steps("LastStep()", "f") + " but got [2, 0, 3]", "", 2, 0, 3)
            .refuses(steps("LastStep()", "f") + " but got [1, 2, 4, 3]", "", 1, 2, 4, 3),
        new ModuleCase("MeanOverSteps", g -> new MeanOverSteps(), 4, 3)
            .accepts(1, 3)
            .accepts(2, 1, 3)
            .accepts(2, 3, 0)
            .refuses(steps("MeanOverSteps()", "f") + " but got []", "")
            .refuses(steps("MeanOverSteps()", "f") + " but got [0, 3]", "", 0, 3));
  }

  private static String steps(String layer, String features) {
    return layer
        + " expects input [n, t, %1$s] or [t, %1$s] of at least one step".formatted(features);
  }
}
