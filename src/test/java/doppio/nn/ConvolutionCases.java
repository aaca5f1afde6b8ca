package doppio.nn;

import java.util.stream.Stream;

/** The convolutions among {@link ModuleCases}. */
final class ConvolutionCases {
  private ConvolutionCases() {}

  static Stream<ModuleCase> all() {
    return Stream.of(
        new ModuleCase("Conv2d", g -> new Conv2d(2, 4, 3, g), 2, 5, 6)
            .accepts(2, 2, 3, 3)
            .accepts(2, 4, 9)
            .accepts(0, 2, 3, 4)
            .refuses(
                "Conv2d(2 → 4, kernel 3 × 3) expects input [n, 2, h, w] or [2, h, w]"
                    + " but got [5, 6]",
                "",
                5,
                6)
            .refuses(
                "Conv2d(2 → 4, kernel 3 × 3) expects input [n, 2, h, w] or [2, h, w]"
                    + " but got [1, 1, 2, 5, 6]",
                "",
                1,
                1,
                2,
                5,
                6)
            .refuses(
                "Conv2d(2 → 4, kernel 3 × 3) expects input [n, 2, h, w] or [2, h, w]"
                    + " but got [2, 3, 5, 6]",
                "",
                2,
                3,
                5,
                6)
            .refuses(
                "Conv2d(2 → 4, kernel 3 × 3): a window of 3 × 3 does not fit an input of 2 × 6 with"
                    + " padding 0",
                "",
                1,
                2,
                2,
                6),
        new ModuleCase(
                "Conv2d with everything",
                g ->
                    new Conv2d(
                        4,
                        6,
                        Window.of(3, 2).stride(2, 1).padding(1, 2).dilation(1, 2),
                        2,
                        false,
                        g),
                4,
                5,
                4)
            .accepts(4, 1, 1)
            .refuses(
                "Conv2d(4 → 6, kernel 3 × 2, stride 2 × 1, padding 1 × 2, dilation 1 × 2, groups 2,"
                    + " no bias) expects input [n, 4, h, w] or [4, h, w] but got [3, 5, 4]",
                "",
                3,
                5,
                4),
        new ModuleCase("Conv1d", g -> new Conv1d(3, 2, 2, g), 3, 5)
            .accepts(3, 2)
            .refuses(
                "Conv1d(3 → 2, kernel 2) expects input [n, 3, l] or [3, l] but got [2, 4, 5]",
                "",
                2,
                4,
                5)
            .refuses("Conv1d(3 → 2, kernel 2) expects input [n, 3, l] or [3, l] but got [5]", "", 5)
            .refuses(
                "Conv1d(3 → 2, kernel 2): a window of 2 does not fit an input of 1 with padding 0",
                "",
                3,
                1),
        new ModuleCase(
                "Conv1d with everything",
                g -> new Conv1d(4, 4, Window.of(3).stride(2).padding(1).dilation(2), 4, false, g),
                4,
                6)
            .accepts(2, 4, 3)
            .refuses(
                "Conv1d(4 → 4, kernel 3, stride 2, padding 1, dilation 2, groups 4, no bias): a"
                    + " window of 3 with dilation 2 does not fit an input of 2 with padding 1",
                "",
                4,
                2));
  }
}
