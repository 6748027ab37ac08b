// The game benchmark takes its 19x19 positions from: this engine against itself, also in docs/sample-game.sgf.
#pragma once

namespace ponnuki {

inline constexpr const char* kBenchmarkGame =
    "(;GM[1]FF[4]CA[UTF-8]SZ[19]KM[7.5]RU[Chinese]PB[Ponnuki]PW[Ponnuki]RE[W+6.5]"
    ";B[pd];W[cd];B[dq];W[pq];B[do];W[po];B[ec];W[dc];B[ed];W[cf];B[ic];W[jq]"
    ";B[pf];W[pl];B[qj];W[cm];B[hq];W[bo];B[oc];W[jo];B[ok];W[jd];B[id];W[je]"
    ";B[ie];W[jf];B[ol];W[pm];B[nn];W[if];B[op];W[pp];B[jc];W[ld];B[mp];W[km]"
    ";B[lh];W[gf];B[de];W[ce];B[jh];W[kc];B[ho];W[im];B[kk];W[ml];B[lm];W[ll]"
    ";B[kl];W[nm];B[om];W[ln];B[jm];W[kn];B[mn];W[mm];B[pn];W[qn];B[on];W[jl]"
    ";B[jk];W[il];B[ik];W[gl];B[mj];W[eg];B[gd];W[rl];B[gj];W[ej];B[fg];W[ff]"
    ";B[eh];W[ef];B[fk];W[dl];B[dh];W[cp];B[dp];W[cq];B[cg];W[eb];B[fb];W[db]"
    ";B[in];W[jn];B[em];W[he];B[gc];W[kb];B[hb];W[lq];B[rk];W[nb];B[ob];W[mg]"
    ";B[hg];W[gg];B[hf];W[fh];B[fi];W[ei];B[cj];W[ek];B[bh];W[gi];B[bf];W[hj]"
    ";B[me];W[le];B[hh];W[lg];B[mb];W[mh];B[mi];W[kh];B[li];W[oh];B[kg];W[kf]"
    ";B[jg];W[mc];B[nc];W[lb];B[na];W[md];B[ph];W[be];B[bl];W[bm];B[cl];W[dm]"
    ";B[cr];W[br];B[dr];W[af];B[bj];W[ck];B[bk];W[di];B[ci];W[pi];B[og];W[ai]"
    ";B[dk];W[bg];B[dj];W[fj];B[ah];W[qh];B[pg];W[qi];B[nh];W[qk];B[pk];W[ql]"
    ";B[pj];W[rj];B[ri];W[sk];B[rh];W[nr];B[el];W[gk];B[bs];W[ar];B[am];W[en]"
    ";B[bn];W[cn];B[co];W[an];B[dn];W[al];B[fn];W[hr];B[ir];W[iq];B[gr];W[hp]"
    ";B[gq];W[jr];B[hs];W[ge];B[ip];W[io];B[gp];W[fm];B[eo];W[fl];B[en];W[ne]"
    ";B[ak];W[ap];B[am];W[bn];B[mq];W[mr];B[lp];W[kq];B[hn];W[oe];B[pe];W[ng]"
    ";B[oi];W[jb];B[ib];W[hd];B[fd];W[oq];B[ij];W[np];B[oo];W[nq];B[mo];W[lk]"
    ";B[hi];W[hk];B[lj];W[ig];B[ih];W[hm];B[si];W[sj];B[ag];W[bf];B[ea];W[da]"
    ";B[fa];W[dd];B[ee];W[js];B[is];W[la];B[ma];W[ja];B[gn];W[ia];B[ha];W[nk]"
    ";B[nj];W[nl];B[df];W[dg];B[ch];W[of];B[gh];W[nd];B[fe];W[fi];B[hc];W[fg]"
    ";B[bc];W[bb];B[ab];W[ba];B[cb];W[ad];B[ac];W[bd];B[cc];W[ca];B[al];W[kp]"
    ";B[mk];W[lm];B[lo];W[jp];B[hp];W[ko];B[gm];W[bq];B[od];W[as];B[cs];W[no]"
    ";B[oj];W[mf];B[ki];W[];B[])";

}  // namespace ponnuki
