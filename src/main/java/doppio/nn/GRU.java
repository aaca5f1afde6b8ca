package doppio.nn;

import doppio.Generator;
import doppio.internal.layer.GruCell;

/**
 * Gated recurrent units: goes through a sequence step by step, with a state h that begins at zero.
 * With σ the logistic function and · element by element, at each step
 *
 * <pre>
 * r = σ(x W_irᵀ + b_ir + h W_hrᵀ + b_hr)            what to see of the state
 * z = σ(x W_izᵀ + b_iz + h W_hzᵀ + b_hz)            what to keep of it
 * n = tanh(x W_inᵀ + b_in + r · (h W_hnᵀ + b_hn))
 * h = (1 − z) · n + z · h
 * </pre>
 *
 * <p>Shapes: input {@code [n, t, in]}, t steps of each of n sequences, or one sequence {@code [t,
 * in]}; output, the h of every step, {@code [n, t, hidden]} or {@code [t, hidden]}. Layers and
 * directions are as those of an {@link LSTM}.
 *
 * <p>Parameters: as those of an {@link LSTM}, with 3 hidden rows, those of r, z and n.
 *
 * <p>Gradient: back through all steps. The same in training and evaluation.
 *
 * <p>Source: Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014), with
 * the reset gate on the product, as in {@code torch.nn.GRU} with batch_first.
 */
public final class GRU extends Recurrent {
  /** One layer in one direction, drawn from the default generator. */
  public GRU(int in, int hidden) {
    this(in, hidden, Generator.defaultGenerator());
  }

  /** One layer in one direction, drawn from the given generator. */
  public GRU(int in, int hidden, Generator generator) {
    this(in, hidden, 1, false, generator);
  }

  /**
   * Several layers, in one direction or two, drawn from the given generator.
   *
   * @throws IllegalArgumentException if a number is below 1
   */
  public GRU(int in, int hidden, int layers, boolean bidirectional, Generator generator) {
    super(GruCell.CELL, in, hidden, layers, bidirectional, generator);
  }

  /** One that is made again. */
  public GRU(Parts parts) {
    super(GruCell.CELL, parts);
  }

  @Override
  public Description<GRU> describe() {
    return describe(Description.of(GRU::new));
  }
}
