package doppio.nn;

import doppio.nn.ModuleCase.Law;
import java.util.stream.Stream;

/** Attention and what goes with it among {@link ModuleCases}. */
final class AttentionCases {
  private static final String NO_FORM = "the format has no such layer";

  private AttentionCases() {}

  static Stream<ModuleCase> layers() {
    return Stream.of(
            new ModuleCase("PositionalEncoding", g -> new PositionalEncoding(5), 3, 5)
                .accepts(2, 1, 5)
                .accepts(1, 70, 5)
                .refuses(places("5", "at least one step") + "[4, 3]", "", 4, 3)
                .refuses(places("5", "at least one step") + "[2, 0, 5]", "", 2, 0, 5)
                .refuses(places("5", "at least one step") + "[5]", "", 5)
                .refuses(places("5", "at least one step") + "[1, 2, 3, 5]", "", 1, 2, 3, 5),
            new ModuleCase(
                    "PositionalEncoding, learned", g -> PositionalEncoding.learned(4, 3, g), 2, 3)
                .accepts(2, 4, 3)
                .accepts(1, 3)
                .refuses(places("learned 4, 3", "1 to 4 steps") + "[2, 5, 3]", "", 2, 5, 3)
                .refuses(places("learned 4, 3", "1 to 4 steps") + "[0, 3]", "", 0, 3))
        .map(c -> c.except(Law.ONNX, NO_FORM));
  }

  static Stream<ModuleCase> composites() {
    return Stream.of(
            new ModuleCase("SelfAttention", g -> new SelfAttention(6, 2, false, g), 4, 6)
                .accepts(2, 1, 6)
                .accepts(0, 3, 6)
                .accepts(1, 67, 6)
                .refuses(steps("6, heads 2") + "[4, 5]", "", 4, 5)
                .refuses(steps("6, heads 2") + "[6]", "", 6)
                .refuses(steps("6, heads 2") + "[0, 6]", "", 0, 6)
                .refuses(steps("6, heads 2") + "[3, 0, 6]", "", 3, 0, 6)
                .refuses(steps("6, heads 2") + "[1, 2, 3, 6]", "", 1, 2, 3, 6),
            new ModuleCase("SelfAttention, causal", g -> new SelfAttention(6, 3, true, g), 5, 6)
                .accepts(1, 1, 6)
                .accepts(1, 67, 6)
                .refuses(steps("6, heads 3, causal") + "[4]", "", 4),
            new ModuleCase(
                "SelfAttention with dropout", g -> new SelfAttention(4, 2, 0.3, true, g), 3, 4),
            new ModuleCase(
                    "TransformerEncoderLayer",
                    g -> new TransformerEncoderLayer(4, 2, 7, 0, new Tanh(), false, false, g),
                    3,
                    4)
                .accepts(2, 1, 4)
                .refuses(steps("4, heads 2") + "[2, 3]", "self_attn", 2, 3),
            new ModuleCase(
                    "TransformerEncoderLayer, norms first",
                    g -> new TransformerEncoderLayer(4, 1, 3, 0, new GELU(), true, true, g),
                    5,
                    4)
                .refuses("LayerNorm(4) expects input [.., 4] but got [2, 3]", "norm1", 2, 3)
                .refuses(steps("4, heads 1, causal") + "[4]", "self_attn", 4),
            new ModuleCase(
                "TransformerEncoderLayer with dropout",
                g -> new TransformerEncoderLayer(4, 2, 5, 0.2, new Tanh(), false, true, g),
                3,
                4),
            new ModuleCase(
                "Encoder",
                g ->
                    new Sequential(
                        new Linear(3, 4, g),
                        new PositionalEncoding(4),
                        new TransformerEncoderLayer(4, 2, 5, 0, new GELU(), false, true, g),
                        new TransformerEncoderLayer(4, 2, 5, 0, new GELU(), true, true, g),
                        new LayerNorm(4),
                        new Linear(4, 2, g)),
                6,
                3))
        .map(c -> c.except(Law.ONNX, NO_FORM));
  }

  private static String steps(String settings) {
    String dim = settings.substring(0, settings.indexOf(','));
    return "SelfAttention(%s) expects input [n, t, %s] or [t, %s] of at least one step but got "
        .formatted(settings, dim, dim);
  }

  private static String places(String settings, String lengths) {
    String dim = settings.substring(settings.lastIndexOf(' ') + 1);
    return "PositionalEncoding(%s) expects input [n, t, %s] or [t, %s] of %s but got "
        .formatted(settings, dim, dim, lengths);
  }
}
