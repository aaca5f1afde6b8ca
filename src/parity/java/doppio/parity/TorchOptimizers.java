package doppio.parity;

import static org.bytedeco.pytorch.global.torch.linear;

import doppio.golden.OptimizerCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** The trainings of {@link OptimizerCase} by libtorch's optimizers. */
@SuppressWarnings("try") // A PointerScope is there to be closed, and frees tensors then.
final class TorchOptimizers {
  private TorchOptimizers() {}

  /** The parameters after those of the 200 steps, from 1, that are asked for. */
  static Map<String, doppio.Tensor> results(OptimizerCase c, IntPredicate recorded) {
    Map<String, doppio.Tensor> results = new LinkedHashMap<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    OptimizerCase.model().stateDict().forEach((name, w) -> parameters.put(name, Torch.leaf(w)));
    Optimizer optimizer =
        optimizer(c, new TensorVector(parameters.values().toArray(Tensor[]::new)));
    Tensor inputs = Torch.of(OptimizerCase.inputs());
    for (int step = 1; step <= OptimizerCase.STEPS; step++) {
      try (PointerScope scope = new PointerScope()) {
        optimizer.param_groups().front().options().set_lr(c.rate(step - 1));
        optimizer.zero_grad();
        Tensor hidden = affine(parameters, "0", inputs).tanh();
        Tensor logits = affine(parameters, "2", hidden);
        TorchLosses.crossEntropy(logits, OptimizerCase.targets()).backward();
        step(c, optimizer, new ArrayList<>(parameters.values()));
        if (recorded.test(step)) {
          for (Map.Entry<String, Tensor> parameter : parameters.entrySet()) {
            results.put(step + " " + parameter.getKey(), Torch.from(parameter.getValue()));
          }
        }
      }
    }
    return results;
  }

  private static Tensor affine(Map<String, Tensor> parameters, String layer, Tensor x) {
    TensorOptional bias = new TensorOptional(parameters.get(layer + ".bias"));
    return linear(x, parameters.get(layer + ".weight"), bias);
  }

  private static Optimizer optimizer(OptimizerCase c, TensorVector parameters) {
    double rate = c.rule().rate();
    return switch (c.rule()) {
      case SGD, MOMENTUM, NESTEROV -> {
        SGDOptions options = new SGDOptions(rate);
        options.weight_decay().put(c.coupled());
        options.momentum().put(c.rule() == OptimizerCase.Rule.SGD ? 0 : OptimizerCase.MOMENTUM);
        options.nesterov().put(c.rule() == OptimizerCase.Rule.NESTEROV);
        yield new SGD(parameters, options);
      }
      case ADAM, ADAM_OTHER_BETAS -> {
        boolean other = c.rule() == OptimizerCase.Rule.ADAM_OTHER_BETAS;
        // As GCC's library lays out a tuple: the second element first.
        double[] betas = other ? new double[] {0.95, 0.8} : new double[] {0.999, 0.9};
        double epsilon = other ? 1e-3 : 1e-8;
        if (c.decoupled() != 0) {
          AdamWOptions options = new AdamWOptions(rate);
          // AdamW multiplies its decay by the rate.
          options.weight_decay().put(c.decoupled() / rate);
          options.betas().put(betas);
          options.eps().put(epsilon);
          yield new AdamW(parameters, options);
        }
        AdamOptions options = new AdamOptions(rate);
        options.weight_decay().put(c.coupled());
        options.betas().put(betas);
        options.eps().put(epsilon);
        yield new Adam(parameters, options);
      }
      case ADAM_W -> {
        AdamWOptions options = new AdamWOptions(rate);
        options.weight_decay().put(c.coupled());
        yield new AdamW(parameters, options);
      }
      case RMSPROP, RMSPROP_MOMENTUM_CENTERED -> {
        RMSpropOptions options = new RMSpropOptions(rate);
        options.weight_decay().put(c.coupled());
        if (c.rule() == OptimizerCase.Rule.RMSPROP_MOMENTUM_CENTERED) {
          options.alpha().put(0.9);
          options.eps().put(1e-3);
          options.momentum().put(0.5);
          options.centered().put(true);
        }
        yield new RMSprop(parameters, options);
      }
      case ADAGRAD, ADAGRAD_OTHERWISE -> {
        AdagradOptions options = new AdagradOptions(rate);
        options.weight_decay().put(c.coupled());
        if (c.rule() == OptimizerCase.Rule.ADAGRAD_OTHERWISE) {
          options.lr_decay().put(0.01);
          options.initial_accumulator_value().put(0.1);
          options.eps().put(1e-3);
        }
        yield new Adagrad(parameters, options);
      }
    };
  }

  /** A step; only libtorch's AdamW has a decoupled decay, so others' is done by hand. */
  private static void step(OptimizerCase c, Optimizer optimizer, List<Tensor> parameters) {
    if (c.decoupled() == 0 || optimizer instanceof AdamW) {
      optimizer.step();
      return;
    }
    List<Tensor> before = parameters.stream().map(p -> p.detach().clone()).toList();
    optimizer.step();
    try (AutoGradMode off = new AutoGradMode(false)) {
      for (int i = 0; i < before.size(); i++) {
        parameters.get(i).sub_(before.get(i).mul(new Scalar(c.decoupled())));
      }
    }
  }
}
