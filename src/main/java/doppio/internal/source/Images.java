package doppio.internal.source;

import doppio.nn.Parts;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Convolutions and pools as Java. */
final class Images {
  private Images() {}

  static String conv2d(Place p) {
    int[] image = {p.in(-3), p.in(-2), p.in(-1)};
    int[] output = {p.out(-3), p.out(-2), p.out(-1)};
    return convolution(p, image, output, window(p.parts(), true));
  }

  /** As a convolution of images of one row. */
  static String conv1d(Place p) {
    Parts s = p.parts();
    int[] window = {
      1, s.integer("kernelSize"), 1, s.integer("stride"),
      0, s.integer("padding"), 1, s.integer("dilation")
    };
    int[] image = {p.in(-2), 1, p.in(-1)};
    return convolution(p, image, new int[] {p.out(-2), 1, p.out(-1)}, window);
  }

  private static String convolution(Place p, int[] image, int[] output, int[] window) {
    return String.format(
        """
        return convolution(
            x,
            %s, // channels, height and width
            %s, // of the output
            %s, // groups
            %s, // kernel, stride, padding, dilation, each in height and width
            %s,
            %s);
        """,
        list(image),
        list(output),
        p.parts().integer("groups"),
        list(window),
        p.parameter("weight"),
        p.parameter("bias"));
  }

  static String maxPool(Place p) {
    return String.format(
        """
        return maxPool(
            x,
            %s, %s, // height and width
            %s, %s, // of the output
            %s); // kernel, stride, padding, dilation, each in height and width
        """,
        p.in(-2), p.in(-1), p.out(-2), p.out(-1), list(window(p.parts(), true)));
  }

  static String avgPool(Place p) {
    return String.format(
        """
        return avgPool(
            x,
            %s, %s, // height and width
            %s, %s, // of the output
            %s, // kernel, stride, padding, each in height and width
            %s); // whether the padding counts
        """,
        p.in(-2),
        p.in(-1),
        p.out(-2),
        p.out(-1),
        list(window(p.parts(), false)),
        p.parts().flag("countIncludePad"));
  }

  private static int[] window(Parts settings, boolean dilation) {
    int[] k = settings.integers("kernelSize");
    int[] s = settings.integers("stride");
    int[] p = settings.integers("padding");
    int[] d = settings.integers("dilation");
    int[] all = {k[0], k[1], s[0], s[1], p[0], p[1], d[0], d[1]};
    return dilation ? all : Arrays.copyOf(all, 6);
  }

  private static String list(int[] numbers) {
    return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }
}
